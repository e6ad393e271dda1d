import { describeAgreement } from './validation-agreement.js'

describeAgreement({ changed: 4_000, valid: 80 })
